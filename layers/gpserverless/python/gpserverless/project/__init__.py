"""A team's own project: made, served, built and deployed from the installed package.

project     the folder of a project, and what its pyproject.toml says
sources     the template, functions, layers and local cloud that travel with the package
new         makes a project, or a tool in it
stack       the folder that a project is built in
built       what `sam build` has made: sizes, times, processor
trial       the built functions are imported as Lambda would

Nothing of this room is deployed.
"""
