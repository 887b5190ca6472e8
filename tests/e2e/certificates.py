"""Certificates for a test, made by openssl in a folder: NAME.pem with its NAME.key."""
import os
import shutil
import subprocess

import support

support.require("openssl", shutil.which("openssl"))


def certify(folder, name, subject, extension=None):
    """A CA of its own; with an extension a certificate that the CA "ca" of the same folder has signed."""
    def path(file):
        return os.path.join(folder, file)

    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
               "-subj", subject, "-keyout", path(name + ".key"), "-out", path(name + ".pem")]
    if extension:
        command += ["-CA", path("ca.pem"), "-CAkey", path("ca.key"), "-addext", extension,
                    "-addext", "basicConstraints=CA:FALSE"]
    subprocess.run(command, check=True, capture_output=True)
