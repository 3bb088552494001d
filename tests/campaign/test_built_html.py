"""Sources of MJML, React Email, Maizzle and Foundation for Emails: the built HTML is checked, or the build step named."""

from __future__ import annotations

import pytest

from preflight.testing import check_files

HTML = "<html><body><p>Dear {{ first_name }},</p></body></html>"
MAIZZLE = "---\ntitle: News\n---\n<x-main>\n<p>Dear {{ first_name }},</p>\n</x-main>\n"
MJML = "<mjml><mj-body><mj-text>Hi</mj-text></mj-body></mjml>"
INKY = "<style>.x{}</style>\n<container>\n<row><columns small='12'>Hi</columns></row></container>\n"
PACKAGE = '{"devDependencies": {"@maizzle/framework": "^5.0.0"}}'


def said(files, path):
    campaign = f"body: {{html: {path}, text: ~, dialect: jinja}}\n"
    report = check_files({"campaign.yaml": campaign, **files}, rules=[])
    return [(one.rule, one.message, one.help) for one in report.annotations], report.notes


@pytest.mark.parametrize(
    ("path", "text", "command"),
    [
        ("mail.mjml", MJML, "npx mjml mail.mjml -o mail.html"),
        ("mail.html", f"<!-- x -->\n{MJML}", "npx mjml"),
        ("emails/welcome.tsx", "export default () => <Html />;", "npx email export"),
        ("emails/welcome.vue", "<template><Layout>Hi</Layout></template>", "npx maizzle build"),
        ("src/pages/news.html", INKY, "npm run build"),
        ("src/templates/news.html", MAIZZLE, "npx maizzle build"),
    ],
)
def test_a_source_alone_names_its_build_step(path, text, command):
    [(rule, message, help)], _notes = said({path: text, "package.json": PACKAGE}, path)
    assert rule == "unreadable-file"
    assert "is a source of" in message
    assert command in help


@pytest.mark.parametrize(
    ("source", "built"),
    [
        ("mail.mjml", "mail.html"),
        ("src/mail.mjml", "dist/mail.html"),
        ("emails/mail.tsx", "out/mail.html"),
    ],
)
def test_the_built_file_is_checked(source, built):
    found, notes = said({source: MJML, built: HTML}, source)
    assert found == []
    assert built in notes[0]


def test_html_that_looks_a_little_like_a_source_is_html():
    assert said({"mail.html": MAIZZLE}, "mail.html") == ([], ())
    assert said({"mail.html": HTML, "package.json": PACKAGE}, "mail.html") == ([], ())
    assert said({"mail.html": HTML, "package.json": "[1, 2"}, "mail.html") == ([], ())
    table = "<table class='row'><tr><td class='columns'><container>x</container></td></tr></table>"
    assert said({"mail.html": table}, "mail.html") == ([], ())
