"""Teaching the bot from what people asked: examples and test messages, training beside the conversation, judging, switching."""
