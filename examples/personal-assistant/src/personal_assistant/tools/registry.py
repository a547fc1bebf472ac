"""All tools by name. To add one: a function, a line here, a rule in the planner."""

from personal_assistant.tools import calculator, clock, notes, reminders
from personal_assistant.tools.tool import Tool

TOOLS = {
    tool.name: tool
    for tool in (
        Tool("clock", "Says the date and the time in UTC.", clock.tell),
        Tool("calculator", "Works out sums with + - * / % and brackets.", calculator.tell),
        Tool("notes.add", "Keeps a note.", notes.add),
        Tool("notes.list", "Lists the newest notes.", notes.show),
        Tool("reminders.add", "Reminds of something in so many minutes.", reminders.add),
        Tool("reminders.list", "Lists what is still to be reminded of.", reminders.show),
    )
}
