"""The SPARQL endpoint: snapshots of the store, a pool of caged workers, and the two W3C protocols over them."""
