"""Literal merge tags: every family found at its exact place, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.templates.dialects import read_template
from preflight.templates.html import read_markup
from preflight.templates.tags import FoundTag, find_tags, normalise_name


def in_text(text: str, **more: object) -> list[FoundTag]:
    return list(find_tags(text, read_markup(text, None, html=False), **more))  # type: ignore[arg-type]


def in_html(text: str, **more: object) -> list[FoundTag]:
    return list(find_tags(text, read_markup(text, None, html=True), **more))  # type: ignore[arg-type]


# The text, the tag as it stands in it, its family, and the field.
TEXT = [
    ("{%RAND}", "{%RAND}", "{%..%}", "rand"),
    ("to you, @memo@ and more", "@memo@", "@..@", "memo"),
    ("Dear @name@,", "@name@", "@..@", "name"),
    (
        "%%merge members_.firstname_%%",
        "%%merge members_.firstname_%%",
        "%%..%%",
        "merge_members_firstname",
    ),
    ("Dear {FirstName},", "{FirstName}", "{..}", "first_name"),
    ('Hi {first_name, "there"},', '{first_name, "there"}', "{..}", "first_name"),
    ("Hi {contactfield=firstname|you}", "{contactfield=firstname|you}", "{..}", "firstname"),
    ("Bonjour { Prénom },", "{ Prénom }", "{..}", "prenom"),
    ("Hi *|FNAME|*!", "*|FNAME|*", "*|..|*", "fname"),
    ("*|MC:SUBJECT|*", "*|MC:SUBJECT|*", "*|..|*", "subject"),
    ("*|IF:FNAME|*", "*|IF:FNAME|*", "*|..|*", "fname"),
    ("Hi {{ first_name }}", "{{ first_name }}", "{{..}}", "first_name"),
    ("Hi {{ first_name\n| default }}", "{{ first_name\n| default }}", "{{..}}", "first_name"),
    ("{{{FIRST_NAME}}}", "{{{FIRST_NAME}}}", "{{..}}", "first_name"),
    ("{{lead.First Name:default=x}}", "{{lead.First Name:default=x}}", "{{..}}", "first_name"),
    ("{{${first_name}}}", "{{${first_name}}}", "{{..}}", "first_name"),
    ("{{ .Subscriber.Name }}", "{{ .Subscriber.Name }}", "{{..}}", "name"),
    ("{{#if company}}", "{{#if company}}", "{{..}}", "company"),
    ("{% unsubscribe %}", "{% unsubscribe %}", "{%..%}", "unsubscribe"),
    ("Hi [First Name],", "[First Name]", "[..]", "first_name"),
    ("Hi [Name],", "[Name]", "[..]", "name"),
    ("Hallo [Vorname]!", "[Vorname]", "[..]", "vorname"),
    ("to leave: [unsubscribe].", "[unsubscribe]", "[..]", "unsubscribe"),
    ("[Name,fallback=you]", "[Name,fallback=you]", "[..]", "name"),
    ("[FIRSTNAME%%friend]", "[FIRSTNAME%%friend]", "[..]", "firstname"),
    (
        "[subscriber:firstname | default:x]",
        "[subscriber:firstname | default:x]",
        "[..]",
        "firstname",
    ),
    ("[[firstname]]", "[[firstname]]", "[[..]]", "firstname"),
    ('[[data:firstname:""]]', '[[data:firstname:""]]', "[[..]]", "firstname"),
    ("[[UNSUB_LINK_EN]]", "[[UNSUB_LINK_EN]]", "[[..]]", "unsub_link_en"),
    ("%%First Name%%", "%%First Name%%", "%%..%%", "first_name"),
    ("%%=v(@name)=%%", "%%=v(@name)=%%", "%%..%%", "name"),
    ("%FIRSTNAME% and", "%FIRSTNAME%", "%..%", "firstname"),
    ("%recipient.first%", "%recipient.first%", "%..%", "first"),
    ("%unsubscribe_url%", "%unsubscribe_url%", "%..%", "unsubscribe_url"),
    ("Hi %(first_name)s", "%(first_name)s", "%(..)s", "first_name"),
    ("<<First Name>>", "<<First Name>>", "<<..>>", "first_name"),
    ("«Vorname»", "«Vorname»", "«..»", "vorname"),
    ("Hello ${name}", "${name}", "${..}", "name"),
    ("Hi $firstName,", "$firstName", "$name", "first_name"),
    ("$FIRST_NAME$", "$FIRST_NAME$", "$..$", "first_name"),
    ("{$name}", "{$name}", "{$..}", "name"),
    ("{!firstname_fix}", "{!firstname_fix}", "{!..}", "firstname_fix"),
    ("$[FNAME]$", "$[FNAME]$", "$[..]$", "fname"),
    ("#[FNAME]#", "#[FNAME]#", "#[..]#", "fname"),
    ("##FirstName##", "##FirstName##", "##..##", "first_name"),
    ("#recipient:name#", "#recipient:name#", "#..#", "name"),
    ("~~FIRSTNAME~~", "~~FIRSTNAME~~", "~~..~~", "firstname"),
    ("<%= recipient.firstName %>", "<%= recipient.firstName %>", "<%..%>", "first_name"),
    ("<?= $name ?>", "<?= $name ?>", "<?..?>", "name"),
    ("Dear @Model.FirstName", "@Model.FirstName", "@..", "first_name"),
    ("https://x.example/?n=%7BFirstName%7D", "%7BFirstName%7D", "{..}", "first_name"),
    ("https://x.example/?n=%2A%7CFNAME%7C%2A", "%2A%7CFNAME%7C%2A", "*|..|*", "fname"),
    ("https://x.example/?e={email}", "{email}", "{..}", "email"),
    ("https://x.example/?e=%EMAIL%&a=1", "%EMAIL%", "%..%", "email"),
    ("https://x.example/?c={$cid}", "{$cid}", "{$..}", "cid"),
    ("Dear{FirstName},", "{FirstName}", "{..}", "first_name"),
    ("Hi {first_name|fallback=you}", "{first_name|fallback=you}", "{..}", "first_name"),
    ("{assetlink=25}", "{assetlink=25}", "{..}", "assetlink"),
    (
        "{{${first_name} | default: 'x'}}",
        "{{${first_name} | default: 'x'}}",
        "{{..}}",
        "first_name",
    ),
    ("{{else}}", "{{else}}", "{{..}}", "else"),
    ("${user.name ?? 'x'}, hello", "${user.name ?? 'x'}", "${..}", "name"),
    ("<#if name??>", "<#if name??>", "${..}", "name"),
    ("#if($lead.FirstName)", "#if($lead.FirstName)", "${..}", "first_name"),
    ("$lookup(FIRST_NAME)$", "$lookup(FIRST_NAME)$", "$..$", "lookup_first_name"),
    ("[firstName, My Friend]", "[firstName, My Friend]", "[..]", "first_name"),
    ("[%first_name | you%]", "[%first_name | you%]", "[..]", "first_name"),
    ("[%random_hash]", "[%random_hash]", "[..]", "random_hash"),
    ("[-Email-]", "[-Email-]", "[..]", "email"),
    ("[[-Email-]]", "[[-Email-]]", "[[..]]", "email"),
    ("[if:Country=UK]", "[if:Country=UK]", "[..]", "country"),
    ("[[remove]]", "[[remove]]", "[[..]]", "remove"),
    ('[[firstname fallback="x"]]', '[[firstname fallback="x"]]', "[[..]]", "firstname"),
    ("%%[ IF Empty(@x)\nTHEN ]%%", "%%[ IF Empty(@x)\nTHEN ]%%", "%%..%%", "empty_x_then"),
    ("%IF $FIRSTNAME%", "%IF $FIRSTNAME%", "%..%", "firstname"),
    ("%TO_EMAIL is yours", "%TO_EMAIL", "%NAME", "to_email"),
    ("%RND_UC_CHAR[1-8]", "%RND_UC_CHAR[1-8]", "%NAME", "rnd_uc_char"),
    ("(%rand%)", "%rand%", "%..%", "rand"),
    ("{%RAND%}", "{%RAND%}", "{%..%}", "rand"),
    ("{%IP=192.0.2.7%}", "{%IP=192.0.2.7%}", "{%..%}", "ip"),
    ("{rand62}", "{rand62}", "{..}", "rand62"),
    ("#RANDOM10#", "#RANDOM10#", "#..#", "random10"),
    ("##victim_email##", "##victim_email##", "##..##", "victim_email"),
    ("@@FIRSTNAME@@", "@@FIRSTNAME@@", "@@..@@", "firstname"),
    ("__FIRST_NAME__", "__FIRST_NAME__", "__..__", "first_name"),
    ("{ MERGEFIELD Vorname }", "{ MERGEFIELD Vorname }", "«..»", "vorname"),
    ("Â«VornameÂ»", "Â«VornameÂ»", "«..»", "vorname"),
    ("\ufffdVorname\ufffd", "\ufffdVorname\ufffd", "«..»", "vorname"),
    ("Hello ~name~,", "~name~", "~name~", "name"),
    ("Dear -name-,", "-name-", "-name-", "name"),
    ("Dear !name!,", "!name!", "!name!", "name"),
    ("Dear <First Name>,", "<First Name>", "<name>", "first_name"),
    ("Dear (First Name),", "(First Name)", "(name)", "first_name"),
    ("HELLO $NAME", "$NAME", "$name", "name"),
    ("Dear |Name|,", "|Name|", "|name|", "name"),
    ("##words_low_5##", "##words_low_5##", "##..##", "words_low_5"),
    ("Dear %s,", "%s", "%s", "s"),
    ("Dear {0},", "{0}", "{0}", "0"),
    ("{Hi|Hello|Hey} you", "{Hi|Hello|Hey}", "{a|b}", "hi"),
]


@pytest.mark.parametrize(("text", "tag", "family", "name"), TEXT)
def test_tags_in_text(text, tag, family, name):
    [found] = in_text(text)
    assert (found.text, found.family, found.name) == (tag, family, name)
    assert text[found.start : found.end] == tag


HTML = [
    ("<p>and soldiers.<A--$rotate></p>", "<A--$rotate>", "a--$rotate"),
    ('<a href="[MIRROR]">online</a>', "[MIRROR]", "mirror"),
    ("<p>Dear {First<b>Name</b>},", "{First<b>Name</b>}", "first_name"),
    ("<p>{{first<span>_name</span>}}", "{{first<span>_name</span>}}", "first_name"),
    ("<p>*|FNA<wbr>ME|*", "*|FNA<wbr>ME|*", "fname"),
    ("<p>&lt;&lt;First Name&gt;&gt;", "&lt;&lt;First Name&gt;&gt;", "first_name"),
    ("<p>Dear <<First Name>>", "<<First Name>>", "first_name"),
    ("<p>&#123;first_name&#x7d;", "&#123;first_name&#x7d;", "first_name"),
    ("<p>&lbrace;first_name&rbrace;", "&lbrace;first_name&rbrace;", "first_name"),
    ("<p>&laquo;Pr&eacute;nom&raquo;", "&laquo;Pr&eacute;nom&raquo;", "prenom"),
    ("<p>[First&nbsp;Name]", "[First&nbsp;Name]", "first_name"),
    ('<a href="%7BFirstName%7D">x</a>', "%7BFirstName%7D", "first_name"),
    ('<a href="https://x.example/%2A%7CFNAME%7C%2A">x</a>', "%2A%7CFNAME%7C%2A", "fname"),
    ('<a href="https://x.example/?e=%7B%7Bemail%7D%7D">x</a>', "%7B%7Bemail%7D%7D", "email"),
    ('<a href="https://x.example/?e=%EMAIL%&amp;b=1">x</a>', "%EMAIL%", "email"),
    ('<a href="https://x.example/?e=[email]">x</a>', "[email]", "email"),
    ('<a href="[unsubscribe]">out</a>', "[unsubscribe]", "unsubscribe"),
    ('<a href="&#123;unsubscribe&#125;">out</a>', "&#123;unsubscribe&#125;", "unsubscribe"),
    ('<img alt="Hi {FirstName}">', "{FirstName}", "first_name"),
    ('<img src="{{ image_url }}">', "{{ image_url }}", "image_url"),
    ("<title>*|MC:SUBJECT|*</title>", "*|MC:SUBJECT|*", "subject"),
    ("<style>.a{} *|FNAME|*</style>", "*|FNAME|*", "fname"),
    ('<script>var n = "{{ first_name }}"</script>', "{{ first_name }}", "first_name"),
    ("<p>[unsubscribe]", "[unsubscribe]", "unsubscribe"),
    ("<a>[unsubscribe]</a>", "[unsubscribe]", "unsubscribe"),
    ('<a href="#">[unsubscribe]</a>', "[unsubscribe]", "unsubscribe"),
    ("<unsubscribe>leave</unsubscribe>", "<unsubscribe>", "unsubscribe"),
    ("<!--[if mso]><p>Dear {FirstName}</p><![endif]-->", "{FirstName}", "first_name"),
    ("<p>Hi <%= recipient.name %>", "<%= recipient.name %>", "name"),
    ("<p>Dear <first_name>,</p>", "<first_name>", "first_name"),
    ("<p>{{<b>first</b>_name}}", "{{<b>first</b>_name}}", "first_name"),
    ("<p>{{ first&nbsp;name }}", "{{ first&nbsp;name }}", "first_name"),
    ("<p>{{#IF company}}", "{{#IF company}}", "company"),
    ("<span class=eloquaemail>C_FirstName</span>", "<span class=eloquaemail>", "span"),
    ('<a href="https://x.example/{email}">x</a>', "{email}", "email"),
]


@pytest.mark.parametrize(("text", "tag", "name"), HTML)
def test_tags_in_html(text, tag, name):
    [found] = in_html(text)
    assert (found.text, found.name) == (tag, name)
    assert text[found.start : found.end] == tag


NO_TAGS_IN_TEXT = [
    "Hi @anna@mastodon.example, thanks",
    "CFLAGS = @CFLAGS@ and prefix=@prefix@",
    "width: 100%} {%x} {%title}",
    "[ILUG] Re: kernel",
    "[SAtalk] Rules",
    "[CAPS] and [URGENT] and [TEST]",
    "[DRAFT] Autumn letter",
    "see [add new targets](https://x.example)",
    "[unsubscribe](https://x.example/u)",
    "[unsubscribe][1]",
    "[unsubscribe]: https://x.example/u",
    "[unsubscribe] https://x.example/u",
    "[unsubscribe]\n<https://x.example/u>",
    "{left|right} {bash|zsh|fish} {start|stop|restart}",
    "{to,from} {1, 2} {x | x > 0}",
    "[num] [a-z] [1] [2] [x] [ ] [sic] [note] [^1]",
    "[Name der Firma] [Your Name] [INSERT NAME HERE]",
    "[email protected]",
    "list[email] and row[name]",
    "Ticket [#123] from [ann@example.org]",
    "{year} and {price}",
    "GET /users/{name}/posts",
    "100% of it, 50% off and 20% on, only 5% left%",
    "a%20b%3Dc 100%25 sure",
    "%PATH% %USERNAME% %NAME% %APPDATA%",
    "%d %s %{name}",
    "$10 and $5.00 and $20",
    "$MLM$ $$$SAVE$$$ $name $HOME ${HOME} ${args}",
    "« quote » «слово» «empresa» «iPhone»",
    "<<EOF << Previous | Next >> <<Back>> <<bonjour à tous>>",
    "{{1 hit}} {{ }} {{{}}}",
    "${{ secrets.NAME }} \\{{name}}",
    "~~old price~~ ## Name ## #name #email",
    "[[Some page]]",
    'const { name } = user; { "name": 1 }',
    "f(x) = 5 * |x| * 3 **bold** __x__",
    "foo{name} @name user@example.org",
    "caffè ☕ 🎉 — 10 % – «",
    "Use `{first_name}` or `{{ first_name }}`.",
    "###[Discussions on LIH : 04 Jul 2002]#####",
    "[last message before I unsub] so long",
    "[BROADCAST EMAIL SENDER SOFTWARE]: $479",
    "[unsubscribe] and [reply]\n\n[unsubscribe]: https://x.example/u",
    "the [rand] crate, ${RANDOM}, {random}, [random]",
    "https://api.example/users/{name}/posts/{username}",
    "$self->{name} and sub {name}",
    "for %%i in (*) do %%q%% 100%%a%%",
    "usage: tool [-name] [-v] [-email addr]",
    "| name | city |\n|------|------|\n|name|city|",
    "~sigh~ -name- !name! <name> (name) %s {0} are all fine",
    "Hello (again), hello -at last-, hi <3",
    "{Animated desktop pal} {Driver Name}",
    "«Voltaire» and {SAN}",
    "See __init__ and __name__ in @@site@@",
    "```\nDear {first_name}\n```",
    "~~~ jinja\n{{ first_name }}\n~~~",
    "Write it so:\n\n    Dear {first_name},\n    {{ company }}\n\nand send it.",
]


@pytest.mark.parametrize("text", NO_TAGS_IN_TEXT)
def test_no_tags_in_text(text):
    assert in_text(text) == []


NO_TAGS_IN_HTML = [
    '<a href="https://x.example/u">[unsubscribe]</a>',
    '[<a href="https://x.example/u">unsubscribe</a>]',
    '<a href="mailto:leave@example.org"><b>[unsubscribe]</b></a>',
    "<pre>{first_name}</pre><code>{{ x }}</code><kbd>{name}</kbd><samp>*|FNAME|*</samp>",
    "<style>@media screen{.name{color:red}} a{email:1}</style>",
    '<script type="application/ld+json">{"@type":"x","name":{"email":{"a":1}}}</script>',
    "<!--[if mso]><p>x</p><![endif]--><!--[if (gte mso 9)|(IE)]><table><![endif]-->",
    "<!--[if !mso]><!--><p>x</p><!--<![endif]-->",
    "<!-- Dear {first_name} -->",
    '<template type="amp-mustache"><p>{{name}}</p></template>',
    '<a href="https://x.example/?filter[name]=a&amp;user[email]=b">x</a>',
    '<a href="https://x.example/?q=100%25%20off&amp;b=%3D%3D">x</a>',
    '<a href="https://x.example/?a=%DATE%20">x</a>',
    '<a href="#top">x</a><p style="color:#fff">#name',
    "<p>{<p>name}",
    "<p>«&nbsp;nom&nbsp;» 50&nbsp;% de 100&nbsp;%",
    "<p>&#8203;&#x7b;x&#x7d; a<b>[1]</b>",
    '<input name="user[name]" value="[x]" class="{a}">',
    '<option value="https://x.example/s?qt=%%q%%&amp;ca=1">x</option>',
    '<a href="https://x.example/?t=Look%3A%20%5B%5Btitle%5D%5D&amp;b=1">x</a>',
    '<a href="https://api.example/users/{username}">x</a>',
    '<a href="https://x.example/?guid=%7BACA79AF0-6477-4734-90E1-97EC3455E773%7D">x</a>',
    '<img src="https://ad.example/x;ord=[timestamp]?">',
]


@pytest.mark.parametrize("text", NO_TAGS_IN_HTML)
def test_no_tags_in_html(text):
    assert in_html(text) == []


def test_the_first_paragraph_greets_even_when_indented():
    [found] = in_text("    Dear {FirstName},\n\nthis is the mail.")
    assert found.name == "first_name"


def test_columns_of_the_list_count():
    assert in_text("You chose {plan}.") == []
    [found] = in_text("You chose {plan}.", fields=frozenset({"Plan", "email"}))
    assert found.name == "plan"
    assert in_text("It has the {title}.") == []
    [found] = in_text("It has the {title}.", fields=frozenset({"Title"}))
    assert not found.certain


def test_what_may_be_prose_is_not_certain():
    assert [
        tag.certain for tag in in_text("the field {company} and Dear {company}\n{first_name}")
    ] == [
        False,
        False,
        True,
    ]
    assert [tag.certain for tag in in_text("Dear {name},")] == [True]
    assert [tag.certain for tag in in_text("{{ foo }} {{ foo.bar }} *|X|*")] == [False, True, True]


def test_in_the_mails_head_an_ordinary_word_is_certain():
    for text in ("{name}, news for you", "#recipient#", "[Name], news for you"):
        [found] = in_text(text, part="subject")
        assert found.certain
    assert in_text("[Name] news for you", part="subject") == []


def test_in_the_field_of_a_form_it_is_not_certain():
    [found] = in_html('<input type="hidden" value="{{name}}">')
    assert not found.certain


def test_after_a_comment_without_an_end_it_is_not_certain():
    [found] = in_html("<p>Terrific!</p><!--#rotate> <b>Instantly</b> {%RAND%} <br>")
    assert (found.text, found.certain) == ("{%RAND%}", False)
    assert in_html("<p>Terrific!</p><!-- {%RAND%} --><br>") == []


def test_the_templates_own_code_is_left_out():
    text = "Hi {{ name }}, {% if a %}*|FNAME|*{% endif %} {% raw %}{{ b }}{% endraw %}"
    parsed = read_template(text, "jinja")
    assert parsed is not None
    for html in (False, True):
        markup = read_markup(text, parsed, html=html)
        found = find_tags(text, markup, skip=parsed.code, own_family="{{ x }} {% %}")
        assert [tag.text for tag in found] == ["*|FNAME|*"]


@pytest.mark.parametrize(
    ("own", "left"),
    [
        ("{{ x }} {% %}", ["{first_name}", "[FNAME]"]),
        ("{x}", ["{{ name }}", "[FNAME]", "{% if x %}"]),  # and {0} with it
        ("[x]", ["{{ name }}", "{first_name}", "{% if x %}"]),
        ("{{${x}}}", ["{first_name}", "[FNAME]", "{% if x %}"]),
        (None, ["{{ name }}", "{first_name}", "[FNAME]", "{% if x %}"]),
    ],
)
def test_the_dialects_own_family_is_left_out(own, left):
    text = "{{ name }} {first_name} [FNAME] {% if x %}"
    assert [tag.text for tag in in_text(text, own_family=own)] == left


def test_tags_are_in_order_and_do_not_overlap():
    found = in_html('<p title="{first_name}">%%{uuid}%% {{{first_name}}} *|UNSUB:[unsubscribe]|*')
    assert [tag.text for tag in found] == [
        "{first_name}",
        "%%{uuid}%%",
        "{{{first_name}}}",
        "*|UNSUB:[unsubscribe]|*",
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("FirstName", "first_name"),
        ("contact.FirstName", "first_name"),
        ('data:first_name:"x"', "first_name"),
        ("Prénom | default: 'x'", "prenom"),
        ("lead.First Name:default=there", "first_name"),
        ('X OR "y"', "x"),
        ("FirstName ?? there", "first_name"),
        ("EmailAddress", "email_address"),
        ("Straße", "strasse"),
        ("${first_name}", "first_name"),
        ("", ""),
        ("!?", ""),
    ],
)
def test_names_are_normalised(written, name):
    assert normalise_name(written) == name


PROSE = """\
the name of a city and first last company email date title $10 50% [1] (see) {a} 20% off « oui » —
https://x.example/a%20b?c=d&e=%3D [ILUG] #tag @home <3 *bold* a|b 3<4 … 🎉 Hello, Dear Ann,"""
WORDS = st.sampled_from(PROSE.split())


@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_prose_has_no_tags(text):
    assert in_text(text) == []
    assert in_html(f"<p>{text}</p>") == []


@given(st.text(alphabet="{}[]%*|<>«»$#~&;=:.\"'/ \nnaFe1", max_size=60))
def test_all_places_lie_in_the_text(text):
    for found in (*in_text(text), *in_html(text)):
        assert 0 <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    "piece", ["{", "{{ a ", "[a ", "<%a", "*|a", "{name} ", "`", "{email}:", "(aa) ", "{Hi|", "@@a"]
)
def test_size_costs_time_in_proportion(piece):
    in_text(piece * 5_000)
    in_html(piece * 5_000)
