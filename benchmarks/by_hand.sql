-- What a careful person would write by hand for the campaign of scale.py: the list and the ledger
-- loaded, the audience chosen, and each fault counted with its first rows. scale.py runs it, and
-- compares the time and the counts with those of a check. $folder is put in by scale.py.

-- load
CREATE TABLE contacts AS SELECT 0::BIGINT AS n, * FROM read_csv('$folder/contacts.csv',
  auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', columns = {
    'email': 'VARCHAR', 'first_name': 'VARCHAR', 'last_name': 'VARCHAR', 'company': 'VARCHAR',
    'country': 'VARCHAR', 'language': 'VARCHAR', 'city': 'VARCHAR', 'plan': 'VARCHAR',
    'signed_up': 'VARCHAR', 'orders': 'VARCHAR', 'last_order': 'VARCHAR',
    'unsubscribed': 'VARCHAR', 'consent': 'VARCHAR', 'consent_date': 'VARCHAR'});
UPDATE contacts SET n = rowid;

-- the ledger, the exclusions, the audience
CREATE TABLE suppressed AS SELECT DISTINCT lower(trim(email)) AS address
  FROM read_csv('$folder/suppressed.csv', header = true, columns = {'email': 'VARCHAR'});
CREATE TABLE clients AS SELECT lower(trim(email)) AS address, min(relationship) AS relationship,
  min(known_since) AS known_since FROM read_csv('$folder/clients.csv', header = true, columns = {
    'email': 'VARCHAR', 'relationship': 'VARCHAR', 'known_since': 'VARCHAR'}) GROUP BY ALL;
CREATE TABLE disputes AS SELECT DISTINCT lower(trim(email)) AS address
  FROM read_csv('$folder/disputes.csv', header = true,
    columns = {'email': 'VARCHAR', 'since': 'VARCHAR', 'until': 'VARCHAR', 'allow': 'VARCHAR'})
  WHERE since::DATE <= DATE '2027-02-22'
    AND (until IS NULL OR until = '' OR until::DATE >= DATE '2027-02-22');
CREATE TABLE left_out AS SELECT DISTINCT lower(trim(email)) AS address
  FROM read_csv('$folder/left_out.csv', header = true, columns = {'email': 'VARCHAR'});
CREATE TABLE people AS
  SELECT c.n, lower(trim(c.email)) AS address, c.first_name, c.city, c.country, c.consent,
    s.address IS NOT NULL AS is_suppressed, k.address IS NOT NULL AS is_client,
    d.address IS NOT NULL AS in_dispute
  FROM contacts c
  LEFT JOIN suppressed s ON s.address = lower(trim(c.email))
  LEFT JOIN clients k ON k.address = lower(trim(c.email))
  LEFT JOIN disputes d ON d.address = lower(trim(c.email))
  LEFT JOIN left_out x ON x.address = lower(trim(c.email))
  WHERE c.unsubscribed IS DISTINCT FROM 'true' AND x.address IS NULL;

-- the faults, one scan
SELECT count(*) FILTER (WHERE invalid), min(n, 20) FILTER (WHERE invalid),
  count(*) FILTER (WHERE no_name), min(n, 20) FILTER (WHERE no_name),
  count(*) FILTER (WHERE no_city), min(n, 20) FILTER (WHERE no_city),
  count(*) FILTER (WHERE elsewhere), min(n, 20) FILTER (WHERE elsewhere),
  count(*) FILTER (WHERE no_consent), min(n, 20) FILTER (WHERE no_consent),
  count(*) FILTER (WHERE is_suppressed), min(n, 20) FILTER (WHERE is_suppressed),
  count(*) FILTER (WHERE in_dispute), min(n, 20) FILTER (WHERE in_dispute)
FROM (SELECT n, is_suppressed, in_dispute,
  NOT regexp_full_match(address, '[^@\s"(),:;<>\[\]\\]+@[^@\s]+\.[a-z]{2,}') AS invalid,
  first_name IS NULL OR regexp_full_match(first_name,
    '\s*((?i:null|none|nan|n/a|undefined|-)?)\s*') AS no_name,
  city IS NULL OR regexp_full_match(city, '\s*((?i:null|none|nan|n/a|undefined|-)?)\s*') AS no_city,
  country NOT IN ('FR', 'BE') OR country IS NULL AS elsewhere,
  country = 'BE' AND consent IS NULL AND NOT is_client AS no_consent FROM people);

-- the same person twice
SELECT count(*), min(n, 20) FROM (SELECT n, row_number() OVER (PARTITION BY
  regexp_replace(address, '\+[^@]*@', '@') ORDER BY n) AS nth FROM people) WHERE nth > 1;
