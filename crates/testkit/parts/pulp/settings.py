# The settings of a Pulp of its own, on loopback, for tests; the environment tells where it lies.
# Read where its database is made (crates/xtask/src/setup/pulp.rs) and at every start (crates/testkit/src/parts/pulp).
import os

_folder = os.environ["LONGSHORE_PULP"]
_port = os.environ["LONGSHORE_PULP_PORT"]
_content_port = os.environ["LONGSHORE_PULP_CONTENT_PORT"]

SECRET_KEY = "a key of tests alone, which guards nothing that anybody keeps"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "pulp",
        "USER": "pulp",
        # A folder: PostgreSQL listens on a socket in it, and on no port.
        "HOST": _folder + "/db",
    }
}
CACHE_ENABLED = True
REDIS_URL = "unix://" + _folder + "/redis.sock"

DB_ENCRYPTION_KEY = _folder + "/database.key"
DEPLOY_ROOT = _folder
MEDIA_ROOT = _folder + "/media/"
STATIC_ROOT = _folder + "/assets/"
WORKING_DIRECTORY = _folder + "/work/"
FILE_UPLOAD_TEMP_DIR = _folder + "/work/"
ALLOWED_EXPORT_PATHS = []
ALLOWED_IMPORT_PATHS = []
# It tells nobody that it is there.
ANALYTICS = False

CONTENT_ORIGIN = "http://127.0.0.1:" + _content_port
TOKEN_AUTH_DISABLED = False
TOKEN_SERVER = "http://127.0.0.1:" + _port + "/token/"
TOKEN_SIGNATURE_ALGORITHM = "ES256"
PUBLIC_KEY_PATH = _folder + "/token.public.pem"
PRIVATE_KEY_PATH = _folder + "/token.pem"

# The cheapest there is: every request of a test pays it.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
