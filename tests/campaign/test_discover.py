"""Finding campaigns, their repository and their settings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from preflight.campaign.discover import discover, repository_for


@pytest.fixture
def tree(tmp_path):
    """Makes files (or folders, with a slash at the end) below a fresh folder."""

    def make(*names):
        for name in names:
            path = tmp_path / name
            if name.endswith("/"):
                path.mkdir(parents=True, exist_ok=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("")
        return tmp_path

    return make


def names(root, paths):
    return [path.relative_to(root).as_posix() for path in paths]


def test_campaigns_below_a_folder_in_a_stable_order(tree):
    root = tree(
        "z.campaign.yaml", "campaign.yaml", "b/campaign.yml", "b/c/campaign.yaml", "a/x.yaml",
        "b/c/press.campaign.yml", "a/campaign.yaml.bak", "a/mycampaign.yaml", "d/Campaign.YAML",
    )  # fmt: skip
    found = discover([], root)
    assert names(root, found.campaigns) == [
        "b/c/campaign.yaml", "b/c/press.campaign.yml", "b/campaign.yml", "campaign.yaml",
        "d/Campaign.YAML", "z.campaign.yaml",
    ]  # fmt: skip
    assert found.missing == found.unreadable == ()


def test_folders_of_tools_and_hidden_ones_are_skipped(tree):
    root = tree(
        ".hidden/campaign.yaml", "node_modules/x/campaign.yaml", "venv/campaign.yaml",
        ".venv/campaign.yaml", "__pycache__/campaign.yaml", "build/campaign.yaml",
        "dist/campaign.yaml", "python/pyvenv.cfg", "python/lib/campaign.yaml",
        "target/CACHEDIR.TAG", "target/campaign.yaml", "kept/target/campaign.yaml",
        ".campaign.yaml", ".draft.campaign.yaml",
    )  # fmt: skip
    assert names(root, discover([], root).campaigns) == ["kept/target/campaign.yaml"]
    named = discover([Path("build"), Path(".hidden")], root)
    assert names(root, named.campaigns) == ["build/campaign.yaml", ".hidden/campaign.yaml"]


def test_a_file_that_is_named_is_a_campaign_whatever_it_is_called(tree):
    root = tree("spring.conf", "a/campaign.yaml")
    found = discover([Path("spring.conf"), Path("a"), Path("a/campaign.yaml"), Path("nope")], root)
    assert names(root, found.campaigns) == ["spring.conf", "a/campaign.yaml"]
    assert names(root, found.missing) == ["nope"]


def test_paths_given_keep_their_order(tree):
    root = tree("b/campaign.yaml", "a/campaign.yaml")
    found = discover([Path("b"), root / "a"], root)
    assert names(root, found.campaigns) == ["b/campaign.yaml", "a/campaign.yaml"]


def test_folder_links_are_not_followed_and_none_is_found_twice(tree):
    root = tree("a/campaign.yaml")
    (root / "loop").symlink_to(root, target_is_directory=True)
    (root / "a/other.campaign.yaml").symlink_to(root / "a/campaign.yaml")
    (root / "b").mkdir()
    (root / "b/campaign.yaml").symlink_to(root / "nowhere")
    assert names(root, discover([], root).campaigns) == ["a/campaign.yaml", "b/campaign.yaml"]
    assert names(root, discover([Path("b/campaign.yaml")], root).missing) == ["b/campaign.yaml"]


def test_a_folder_called_like_a_campaign_is_a_folder(tree):
    root = tree("campaign.yaml/campaign.yaml")
    assert names(root, discover([], root).campaigns) == ["campaign.yaml/campaign.yaml"]


def test_a_folder_that_cannot_be_read_is_named(tree, monkeypatch):
    root = tree("a/campaign.yaml", "b/campaign.yaml")
    scandir = os.scandir

    def refuse(path):
        if Path(path).name == "a":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = discover([], root)
    assert names(root, found.campaigns) == ["b/campaign.yaml"]
    assert names(root, found.unreadable) == ["a"]


def test_a_path_with_a_nul_is_missing(tree):
    assert discover([Path("a\0b")], tree()).missing != ()


# Repository and settings


def of(root, campaign, start=".", config=None):
    """Root and settings, relative to ``root``."""
    repository, found = repository_for(root / campaign, root / start, config)
    assert repository.start == Path(os.path.realpath(root / start))
    real = Path(os.path.realpath(root))
    relative = Path(os.path.relpath(repository.root, real)).as_posix()
    return relative, None if found is None else Path(os.path.relpath(found, real)).as_posix()


def test_the_root_is_the_nearest_folder_with_git(tree):
    root = tree(".git/", "preflight.yaml", "a/.git/", "a/b/campaign.yaml", "c/campaign.yaml")
    assert of(root, "a/b/campaign.yaml") == ("a", None)
    assert of(root, "c/campaign.yaml") == (".", "preflight.yaml")
    assert of(root, "c/campaign.yaml", start="c") == (".", "preflight.yaml")


def test_a_git_file_of_a_worktree_counts(tree):
    root = tree("a/.git", "a/b/campaign.yaml")
    assert of(root, "a/b/campaign.yaml") == ("a", None)


def test_the_nearest_settings_win(tree):
    root = tree(".git/", "preflight.yaml", "a/preflight.yml", "a/b/campaign.yaml", "a/b/preflight/")
    assert of(root, "a/b/campaign.yaml") == (".", "a/preflight.yml")
    tree("a/preflight.yaml")
    assert of(root, "a/b/campaign.yaml") == (".", "a/preflight.yaml")


def test_settings_that_are_a_broken_link_are_not_passed_over(tree):
    root = tree(".git/", "preflight.yaml", "a/campaign.yaml")
    (root / "a/preflight.yaml").symlink_to(root / "nowhere")
    assert of(root, "a/campaign.yaml") == (".", "a/preflight.yaml")


def test_without_git_the_folder_of_the_settings_is_the_root(tree):
    root = tree("top/preflight.yaml", "top/a/campaign.yaml")
    assert of(root, "top/a/campaign.yaml", start="top/a") == ("top", "top/preflight.yaml")


def test_without_git_and_settings_it_is_the_starting_folder(tree):
    root = tree("a/b/campaign.yaml", "c/")
    assert of(root, "a/b/campaign.yaml", start="a") == ("a", None)
    assert of(root, "a/b/campaign.yaml", start="c") == ("a/b", None)


def test_settings_that_are_named_win(tree):
    root = tree("a/preflight.yaml", "a/campaign.yaml", "other/mine.yaml", "mine.yaml")
    assert of(root, "a/campaign.yaml", config=Path("mine.yaml")) == (".", "mine.yaml")
    # Settings beside the campaign's folder widen nothing.
    assert of(root, "a/campaign.yaml", start="a", config=Path("../other/mine.yaml")) == (
        "a",
        "other/mine.yaml",
    )


def test_a_relative_campaign_counts_from_the_start(tree):
    root = tree("a/.git/", "a/b/campaign.yaml")
    repository, _ = repository_for(Path("b/campaign.yaml"), root / "a")
    assert repository.root == Path(os.path.realpath(root / "a"))
    assert repository.shown(repository.root / "b/campaign.yaml") == "b/campaign.yaml"
