"""What is asked of every engine alike: the traps that other ways fell into."""

from __future__ import annotations

TEXTS = [None, "", "no-at", "a@b@c", "@x", "12", " 12 ", "1.5", "1e3", "12x", "9223372036854775807",
         "9223372036854775808", "2024-02-29", "2023-02-29", "2024-02-30", "2024-1-5", "2024-13-01",
         "2024-02-29 10:00", "2024-02-29T10:00:00Z", "2024-02-29 23:00:00-02:00", "2024-02-29 25:00", "true", "FALSE",
         "STRASSE", "ÉCOLE", "İ", "ΣΑΣ", "a_b", "a%b", "a\\b", "O'Neil", "Müller", "x--y", "$1", "tab\t"]  # fmt: skip
QUESTIONS = [
    "split_part(x, '@', 2)", "nullif(split_part(lower(trim(x)), '@', 1), '')", "CASE WHEN NOT contains(x, '.') AND NOT contains(x, 'e') THEN TRY_CAST(x AS BIGINT) END",
    "TRY_CAST(x AS DOUBLE)", "CAST(TRY_CAST(x AS DATE) AS VARCHAR)", "CAST(TRY_CAST(x AS TIMESTAMP) AS VARCHAR)",
    "lower(x)", "upper(x)", "x LIKE 'a\\_b'", "x LIKE 'a_b'", "x LIKE 'a\\\\b'", "x ILIKE 'É%'", "x LIKE '%\\%'", "x NOT LIKE 'a%'", "x NOT ILIKE 'É%'",
    "x < 'a'", "length(x)", "contains(x, '@')", "starts_with(x, 'O''')", "strpos(x, 'b')", "ltrim(x, '@')",
    "(x = '12')::INTEGER", "CAST(TRY_CAST(x AS DOUBLE) AS BOOLEAN)", "coalesce(x, '-') = 'true'", "x IN ('true', 'x--y')",
    "regexp_replace(x, '[^a-z]+', '', 'g')", "year(TRY_CAST(x AS TIMESTAMP))", "strip_accents(x)", "x IS NOT DISTINCT FROM NULL",
    "TRY_CAST(x AS TIMESTAMP) < TIMESTAMP '2024-03-01' - INTERVAL '1 DAY'", "left(x, 2) || 'z'", "translate(x, 'aü', 'eu')",
    "list_contains(['12', 'a@b@c'], x)", "list_contains(regexp_split_to_array(coalesce(x, ''), '[,;\\s]+'), '12')",
    "regexp_full_match(x, '\\s*[0-9.]+\\s*')", "regexp_matches(x, '(?i)^straſſe')", "replace(x, '\\', '/')",
    "TRY_CAST(x AS DATE) + to_months(24) > DATE '2026-01-01'",
]  # fmt: skip
WHOLE = [
    "SELECT count(*) FILTER (WHERE x LIKE '%a%'), count(x), sum(length(x)), max(x), min(x) FROM texts",
    "SELECT min(n, 3), min([n, n], 2) FILTER (WHERE n > 4) FROM texts",
    "SELECT length(x) > 3 AS long, count(*) FROM texts GROUP BY ALL ORDER BY long NULLS FIRST",
    "SELECT arg_min(x, n), bool_or(x = 'a') FROM texts WHERE n < 4 GROUP BY x IS NULL ORDER BY 1",
    """WITH t AS (SELECT n, split_part(x, '@', 2) AS d FROM texts), a AS (SELECT hash(d) AS h FROM t GROUP BY h
    HAVING count(*) > 1) SELECT count(*) FROM t SEMI JOIN a ON hash(t.d) = a.h""",
    "SELECT n FROM texts WHERE x IN (SELECT unnest(?::VARCHAR[])) ORDER BY n",
    "SELECT quantile_disc(length(x), 0.75), avg(CASE WHEN x = '' THEN 1.0 ELSE 0.0 END) < 0.5 FROM texts",
    """SELECT unnest([array_to_string(l[i:], '.') for i in range(1, len(l) + 1)]) AS u FROM (SELECT
    string_split('a.b.c', '.') AS l) ORDER BY u""",
    "SELECT count(*) OVER same AS k, n FROM texts WINDOW same AS (PARTITION BY length(x)) ORDER BY k, n LIMIT 5",
    "SELECT x FROM texts ORDER BY x DESC NULLS LAST LIMIT 9",
]  # fmt: skip


def as_lists(rows):
    """Rows to compare: an engine's own kind of sequence is none of our concern."""
    return [
        [
            list(map(list, x)) if isinstance(x, list) and isinstance(x[0], (list, tuple)) else x
            for x in row
        ]
        for row in rows
    ]
