"""Only for Colab and Kaggle, which open this page alone: fetch the rest of the workbook"""


def fetch_workbook(address, folder):
    """Clone the workbook beside this page and go there; elsewhere, or when done, do nothing."""
    import os
    import subprocess
    import sys

    colab = "google.colab" in sys.modules or "COLAB_RELEASE_TAG" in os.environ
    if not (colab or "KAGGLE_KERNEL_RUN_TYPE" in os.environ) or os.path.isdir("../helpers"):
        return
    name = os.path.basename(address)
    if not os.path.isdir(os.path.join(name, "helpers")):
        clone = ["git", "clone", "--quiet", "--depth", "1", address, name]
        done = subprocess.run(clone, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(
                f"The workbook could not be fetched from {address}.\n{done.stderr.strip()}\n"
                "On Kaggle, switch on the internet in the settings of the notebook (it asks for a "
                "verified phone number). Then run this cell again."
            )
    os.chdir(os.path.join(name, folder))
    print("The workbook lies in", os.path.dirname(os.getcwd()))
