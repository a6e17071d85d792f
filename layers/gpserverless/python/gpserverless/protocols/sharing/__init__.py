"""The portal beside the services: tokens, sign-in, users; as far as clients of the services ask for it."""
