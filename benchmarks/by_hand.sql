-- What a careful person would write by hand for the campaign of scale.py: the list and the ledger
-- loaded, the audience chosen, and what each rule looks for counted, with its first rows. It does
-- what the rules do that read the list, each once and in few scans, but says nothing in words:
-- invalid-address, role-address, hidden-character, placeholder-in-data, injected-instruction,
-- unlikely-name, empty-placeholder, unexpected-recipient, suppressed-recipient, missing-consent,
-- expired-consent, contact-in-dispute, press-in-a-promotion, first-contact-to-known-company,
-- duplicate-recipient, duplicate-person, shifted-rows, disposable-address, misspelt-domain,
-- unknown-country, same-value-for-all, oversized-value, the kinds of the columns, the classes of
-- mails, the parts of the filter and the exclusions. scale.py runs it; $folder is put in by it.

-- load: what anybody must do who wants the bad rows named
CREATE TABLE contacts AS SELECT 0::BIGINT AS n, * FROM read_csv('$folder/contacts.csv',
  auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
  store_rejects = true, rejects_limit = 1000, columns = {
    'email': 'VARCHAR', 'first_name': 'VARCHAR', 'last_name': 'VARCHAR', 'company': 'VARCHAR',
    'country': 'VARCHAR', 'language': 'VARCHAR', 'city': 'VARCHAR', 'plan': 'VARCHAR',
    'signed_up': 'VARCHAR', 'orders': 'VARCHAR', 'last_order': 'VARCHAR',
    'unsubscribed': 'VARCHAR', 'consent': 'VARCHAR', 'consent_date': 'VARCHAR'});
UPDATE contacts SET n = rowid;
SELECT line, csv_line, error_message FROM reject_errors ORDER BY line LIMIT 20;

-- the ledger, the exclusions, the audience
CREATE TABLE suppressed AS SELECT DISTINCT lower(trim(email)) AS address
  FROM read_csv('$folder/suppressed.csv', header = true, columns = {'email': 'VARCHAR'});
CREATE TABLE clients AS SELECT lower(trim(email)) AS address, min(relationship) AS relationship,
  min(known_since) AS known_since FROM read_csv('$folder/clients.csv', header = true, columns = {
    'email': 'VARCHAR', 'relationship': 'VARCHAR', 'known_since': 'VARCHAR'}) GROUP BY address;
CREATE TABLE client_domains AS SELECT DISTINCT split_part(address, '@', 2) AS domain FROM clients
  WHERE split_part(address, '@', 2) NOT IN ('gmail.com', 'outlook.com', 'yahoo.com', 'gmx.net');
CREATE TABLE disputes AS SELECT DISTINCT lower(trim(email)) AS address
  FROM read_csv('$folder/disputes.csv', header = true,
    columns = {'email': 'VARCHAR', 'since': 'VARCHAR', 'until': 'VARCHAR', 'allow': 'VARCHAR'})
  WHERE since::DATE <= DATE '2027-02-22'
    AND (until IS NULL OR until = '' OR until::DATE >= DATE '2027-02-22');
CREATE TABLE left_out AS SELECT DISTINCT lower(trim(email)) AS address
  FROM read_csv('$folder/left_out.csv', header = true, columns = {'email': 'VARCHAR'});
CREATE TABLE people AS
  SELECT * FROM (SELECT c.* EXCLUDE (plan, orders), lower(trim(c.email)) AS address,
    split_part(lower(trim(c.email)), '@', 2) AS domain,
    s.address IS NOT NULL AS is_suppressed, k.address IS NOT NULL AS is_client,
    w.domain IS NOT NULL AND k.address IS NULL AS at_known_company, k.relationship, k.known_since,
    d.address IS NOT NULL AS in_dispute, x.address IS NOT NULL AS excluded
  FROM contacts c
  LEFT JOIN suppressed s ON s.address = lower(trim(c.email))
  LEFT JOIN clients k ON k.address = lower(trim(c.email))
  LEFT JOIN client_domains w ON w.domain = split_part(lower(trim(c.email)), '@', 2)
  LEFT JOIN disputes d ON d.address = lower(trim(c.email))
  LEFT JOIN left_out x ON x.address = lower(trim(c.email)))
  WHERE unsubscribed IS DISTINCT FROM 'true';
-- what the filter and the exclusions do
SELECT (SELECT count(*) FROM contacts), count(*), count(*) FILTER (WHERE excluded),
  count(*) FILTER (WHERE is_suppressed AND NOT excluded), count(*) FILTER (WHERE is_client)
  FROM people;
DELETE FROM people WHERE excluded;

-- the kinds of the columns
SELECT count(*) FILTER (WHERE TRY_CAST(signed_up AS DATE) IS NULL AND signed_up IS NOT NULL),
  count(*) FILTER (WHERE TRY_CAST(orders AS BIGINT) IS NULL AND orders IS NOT NULL),
  count(*) FILTER (WHERE TRY_CAST(last_order AS DATE) IS NULL AND last_order IS NOT NULL),
  count(*) FILTER (WHERE TRY_CAST(consent_date AS DATE) IS NULL AND consent_date IS NOT NULL),
  count(*) FILTER (WHERE TRY_CAST(unsubscribed AS BOOLEAN) IS NULL AND unsubscribed IS NOT NULL),
  count(email), count(first_name), count(last_name), count(company), count(country),
  count(language), count(city), count(plan), count(consent) FROM contacts;

-- values: countries, the commonest name, very long cells, domains
SELECT trim(country) AS value, count(*) FROM people GROUP BY value ORDER BY 2 DESC LIMIT 5000;
SELECT lower(trim(first_name)) AS value, count(*) FROM people GROUP BY value ORDER BY 2 DESC LIMIT 1;
SELECT lower(trim(city)) AS value, count(*) FROM people GROUP BY value ORDER BY 2 DESC LIMIT 1;
SELECT quantile_disc(length(first_name), 0.75), max(length(first_name)),
  quantile_disc(length(city), 0.75), max(length(city)) FROM people;
CREATE TABLE domains AS SELECT domain, count(*) AS times FROM people GROUP BY domain;
SELECT domain, times FROM domains WHERE domain IN ('mailinator.com', 'yopmail.com',
  'guerrillamail.com', '10minutemail.com', 'trashmail.com', 'temp-mail.org') ORDER BY domain;
SELECT domain, provider, times FROM domains, (VALUES ('gmail.com'), ('hotmail.com'),
  ('outlook.com'), ('yahoo.com'), ('icloud.com'), ('orange.fr'), ('free.fr')) AS p(provider)
  WHERE abs(length(domain) - length(provider)) < 2 AND damerau_levenshtein(domain, provider) = 1;

-- the classes of mails
SELECT first_name IS NULL, no_name, city IS NULL, no_city, language, relationship, count(*),
  min(n, 20) FROM (SELECT *, first_name IS NULL OR regexp_full_match(first_name,
    '\s*((?i:null|none|nan|n/a|undefined|-)?)\s*') AS no_name,
    city IS NULL OR regexp_full_match(city,
    '\s*((?i:null|none|nan|n/a|undefined|-)?)\s*') AS no_city FROM people) GROUP BY ALL;

-- names beside other people's addresses: stretches of which hardly an address holds its own name
SELECT stretch FROM (SELECT n // 32 AS stretch, count(*) AS told,
    count(*) FILTER (WHERE contains(local, split_part(lower(first_name), ' ', 1))
      OR contains(local, split_part(lower(last_name), ' ', 1))) AS own
  FROM (SELECT n, first_name, last_name, split_part(address, '@', 1) AS local FROM people)
  GROUP BY stretch) WHERE told > 2 AND own * 16 <= told;

-- one person under two addresses
SELECT count(*), min(n, 20) FROM (SELECT n, count(*) OVER same AS times,
    row_number() OVER same_in_order AS nth FROM (SELECT n, hash(strip_accents(lower(trim(first_name))),
      strip_accents(lower(trim(last_name))), lower(trim(company))) AS person FROM people
      WHERE length(first_name) > 1 AND length(last_name) > 1 AND company IS NOT NULL)
  WINDOW same AS (PARTITION BY person), same_in_order AS (PARTITION BY person ORDER BY n))
  WHERE times > 1 AND nth > 1;

-- the faults, one scan
SELECT count(*) FILTER (WHERE invalid), min(n, 20) FILTER (WHERE invalid),
  count(*) FILTER (WHERE no_name), min(n, 20) FILTER (WHERE no_name),
  count(*) FILTER (WHERE no_city), min(n, 20) FILTER (WHERE no_city),
  count(*) FILTER (WHERE elsewhere), min(n, 20) FILTER (WHERE elsewhere),
  count(*) FILTER (WHERE no_consent), min(n, 20) FILTER (WHERE no_consent),
  count(*) FILTER (WHERE is_suppressed), min(n, 20) FILTER (WHERE is_suppressed),
  count(*) FILTER (WHERE in_dispute), min(n, 20) FILTER (WHERE in_dispute),
  count(*) FILTER (WHERE office), min(n, 20) FILTER (WHERE office),
  count(*) FILTER (WHERE press), min(n, 20) FILTER (WHERE press),
  count(*) FILTER (WHERE hidden), min(n, 20) FILTER (WHERE hidden),
  count(*) FILTER (WHERE tag), min(n, 20) FILTER (WHERE tag),
  count(*) FILTER (WHERE orders), min(n, 20) FILTER (WHERE orders),
  count(*) FILTER (WHERE no_person), min(n, 20) FILTER (WHERE no_person),
  count(*) FILTER (WHERE implied), min(n, 20) FILTER (WHERE implied),
  count(*) FILTER (WHERE in_stock), min(n, 20) FILTER (WHERE in_stock)
FROM (SELECT n, is_suppressed, in_dispute,
  NOT regexp_full_match(address, '[^@\s"(),:;<>\[\]\\]+@[^@\s]+\.[a-z]{2,}')
    OR length(address) > 254 OR regexp_matches(address, '[.@](invalid|localhost)$') AS invalid,
  first_name IS NULL OR regexp_full_match(first_name,
    '\s*((?i:null|none|nan|n/a|undefined|-)?)\s*') AS no_name,
  city IS NULL OR regexp_full_match(city, '\s*((?i:null|none|nan|n/a|undefined|-)?)\s*') AS no_city,
  country NOT IN ('FR', 'BE') OR country IS NULL AS elsewhere,
  country = 'BE' AND consent IS NULL AND NOT is_client AS no_consent,
  regexp_matches(address, '^(info|contact|sales|support|hello|admin|office|team|mail|jobs|press|'
    'presse|service|kontakt|marketing|billing|no-?reply|webmaster|postmaster|abuse)@') AS office,
  regexp_matches(address, '@(nytimes|washingtonpost|wsj|bbc|reuters|lemonde|lefigaro|liberation|'
    'spiegel|zeit|faz|guardian|lesoir|afp)\.[a-z.]+$|^(newsroom|editorial|redaktion)@') AS press,
  regexp_matches(first_name, '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{200b}\x{feff}]')
    OR regexp_matches(city, '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{200b}\x{feff}]') AS hidden,
  regexp_matches(first_name, '\{\{|%%|\*\||\[\[') OR regexp_matches(city, '\{\{|%%|\*\||\[\[') AS tag,
  regexp_matches(concat_ws(' ', email, first_name, last_name, company, language, city, consent),
    '(?i)\b(ignore|disregard|forget)\s+(all\s+)?(previous|prior|above|your)\s+(instructions?|rules)'
    '|<\|?(im_start|system)\|>') AS orders,
  regexp_full_match(first_name, '(?i)(test|asdf|xxx|prénom|vorname|first.?name|abc)') AS no_person,
  regexp_matches(consent, '(?i)^\s*(implied|implicite|soft)') AND TRY_CAST(consent_date AS DATE)
    < DATE '2025-02-22' AS implied,
  at_known_company AND NOT is_client AND relationship IS NOT NULL AS in_stock FROM people);

-- the same person twice
SELECT count(*), min(n, 20) FROM (SELECT n, row_number() OVER (PARTITION BY
  regexp_replace(address, '\+[^@]*@', '@') ORDER BY n) AS nth FROM people) WHERE nth > 1;
