"""What mails that were sent tell about the people they went to: `preflight learn`."""
