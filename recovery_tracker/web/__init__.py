"""The web application: server-rendered pages that work without JavaScript.

`application` makes it. A view declares who may use it (`policies`), loads patients through one
function (`access.load_patient`) and renders strict templates (`pages`). `shared` is what every
page stands on, `auth` is accounts and signing in, and `patient`, `clinician` and `admin` are the
pages of three kinds of people, none of which imports another.

Nothing is imported here: commands that only read settings or keys need no pages.
"""
