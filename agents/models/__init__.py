"""Engines that ask a language model: one of a provider, or of any OpenAI-compatible server.

    configure(ModelSettings(model="openai:gpt-5.2", key="..."))    # once, by the project
    engine = registry.engine("pydantic-ai")                        # or pydantic-ai:<model>

`settings` says which models may be used, `engine` makes engines of them; both are cheap to
import. Everything else here imports pydantic-ai, and is imported when the first step is done.

What a model says is never taken at its word: figures come from executed queries or from cited
sentences, citations have to exist, tools stay within the data set and the workspace, and what
changes something asks a person first. `prompts` marks text of others as data.
"""
