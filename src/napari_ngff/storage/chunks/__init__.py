"""How an array is stored: its document, codecs, shards; chunks ⇄ pixels."""
