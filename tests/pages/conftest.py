"""The fixtures of the pages, for every test beside this file."""

from conftest_borduria import borduria_app, look
from conftest_pages import app, get, seed_folder, site

__all__ = ["app", "borduria_app", "get", "look", "seed_folder", "site"]
