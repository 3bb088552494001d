"""What a check of a small campaign cannot do without: its libraries, each used once.

The floor that `cold_start.py` compares with. Prints nothing; only how long it takes counts.
"""

import click
import duckdb
import jinja2
import pydantic
import sqlglot
import yaml


def models() -> list[type[pydantic.BaseModel]]:
    """Fifteen models with five fields each, about what campaign.yaml and preflight.yaml need."""
    made: list[type[pydantic.BaseModel]] = []
    for number in range(15):
        fields: dict[str, object] = {f"text_{i}": (str, "") for i in range(3)}
        fields["count"] = (int | None, None)
        fields["inner"] = (made[-1] | None if made else str | None, None)
        made.append(pydantic.create_model(f"Model{number}", **fields))  # type: ignore[call-overload]
    return made


@click.command()
def main() -> None:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load("text_0: a\ntext_1: b\ncount: '3'\n", loader)
    models()[-1].model_validate(data)
    jinja2.Environment(autoescape=True).from_string("Dear {{ name }},").render(name="Ada")
    duckdb.connect().execute("select count(*) from range(200)").fetchall()
    sqlglot.parse_one("relationship is null and unsubscribed is not true", read="duckdb")


if __name__ == "__main__":
    main()
