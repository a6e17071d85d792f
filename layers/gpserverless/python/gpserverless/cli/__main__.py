"""`python -m gpserverless.cli`: the same as `gpserverless`."""

from gpserverless.cli.main import main

if __name__ == "__main__":
    main()
