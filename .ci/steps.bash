# shellcheck shell=bash
# Sourced by what runs several steps: each runs although another failed, and a summary ends the output.

outcomes=()
complaints=() # of the steps that failed
failed=0

step() { # step NAME COMMAND…: run it, and note how it went
  local name=$1 begun=$SECONDS status=0 words pipe copier
  shift
  printf '\n==> %s\n' "$name"
  words=$(mktemp)
  exec {pipe}> >(tee "$words")
  copier=$!
  "$@" >&"$pipe" 2>&1 || status=$?
  exec {pipe}>&-
  # A process that the step left behind must not hold up what follows.
  timeout 10 tail --pid="$copier" --sleep-interval=0.1 -f /dev/null 2>/dev/null || :
  if ((status == 0)); then
    outcomes+=("ok       $name ($((SECONDS - begun)) s)")
  else
    outcomes+=("FAILED   $name (status $status, $((SECONDS - begun)) s)")
    complaints+=("==> of: $name" "$(complaints_in "$words")")
    failed=$((failed + 1))
  fi
  rm "$words"
  return "$status"
}

complaints_in() { # complaints_in FILE: the lines that look like it, or else the last ones
  local pattern='✘|^not ok|FAILED|FAIL:|Failure:|\berror:|^E  |AssertionError|^failed|missed'
  { grep -E "$pattern" "$1" || tail -n 20 "$1"; } | cut -c 1-300 | tail -n 30
}

aside() { # aside COMMAND…: run its steps beside those that follow, until `rejoin`
  aside_words=$(mktemp -d)
  set -m # in a process group of its own, which ends with this one
  keep_apart "$@" >"$aside_words/output" 2>&1 </dev/null &
  set +m
  aside_process=$!
  trap 'kill -- "-$aside_process" 2>/dev/null' EXIT
}

keep_apart() { # in a shell of its own
  outcomes=() complaints=() failed=0
  "$@" || :
  printf '%s\n' "${outcomes[@]}" >"$aside_words/outcomes"
  if ((failed)); then printf '%s\n' "${complaints[@]}"; fi >"$aside_words/complaints"
}

rejoin() { # show what the steps of `aside` said, and how they went
  local theirs
  wait "$aside_process" || :
  trap - EXIT
  cat "$aside_words/output"
  mapfile -t theirs <"$aside_words/outcomes"
  outcomes+=("${theirs[@]}")
  failed=$((failed + $(grep -c '^FAILED' "$aside_words/outcomes" || :)))
  mapfile -t theirs <"$aside_words/complaints"
  complaints+=("${theirs[@]}")
  rm -r "$aside_words"
}

skip() { # skip NAME REASON: note why it does not run
  outcomes+=("skipped  $1: $2")
}

summary() { # summary TITLE: print all outcomes, and succeed if none is a failure
  printf '\n==> %s: summary\n' "$1"
  printf '%s\n' "${outcomes[@]}"
  if ((failed)); then
    printf '%s\n' "${complaints[@]}"
    printf '%s: %d of %d steps failed\n' "$1" "$failed" "${#outcomes[@]}"
    return 1
  fi
  printf '%s: all is well\n' "$1"
}
