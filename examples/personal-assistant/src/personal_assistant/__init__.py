"""An assistant for many people: messages in, replies, notes, reminders and memories out."""
