"""Runner side: plan, execute and record runs of notebooks. Never imports pandas."""
