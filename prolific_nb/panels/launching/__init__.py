"""The steps that plan, launch and monitor a study."""
