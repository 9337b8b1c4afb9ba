"""Letters by photo: a row that waits, a child process that reads it, and its words on the way of every message.

What is outside rapidocr's extra (`photo`) is here without it; `bot.conversation.photos.possible` says whether it is there.
"""
