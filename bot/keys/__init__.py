"""The keys that seal people's words: their file, changing them, and putting every stored value under the newest one."""
