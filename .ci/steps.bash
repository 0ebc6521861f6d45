# shellcheck shell=bash
# Sourced by what runs several steps: each runs although another failed, and a summary ends the output.

outcomes=()
failed=0

step() { # step NAME COMMAND…: run it, and note how it went
  local name=$1 begun=$SECONDS status=0
  shift
  printf '\n==> %s\n' "$name"
  "$@" || status=$?
  if ((status == 0)); then
    outcomes+=("ok       $name ($((SECONDS - begun)) s)")
  else
    outcomes+=("FAILED   $name (status $status, $((SECONDS - begun)) s)")
    failed=$((failed + 1))
  fi
  return "$status"
}

skip() { # skip NAME REASON: note why it does not run
  outcomes+=("skipped  $1: $2")
}

summary() { # summary TITLE: print all outcomes, and succeed if none is a failure
  printf '\n==> %s: summary\n' "$1"
  printf '%s\n' "${outcomes[@]}"
  if ((failed)); then
    printf '%s: %d of %d steps failed\n' "$1" "$failed" "${#outcomes[@]}"
    return 1
  fi
  printf '%s: all is well\n' "$1"
}
