"""The read-only web application over one store: linked data, dumps, questions as an API, SPARQL, and pages to read.

    application(Settings(store=Path("store")))      # an ASGI application (app.py)

`site.py` is what every page asks; `views/__init__.py` says which page shows what.
"""
