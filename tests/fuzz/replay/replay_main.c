// SPDX-License-Identifier: Apache-2.0
// Replays a corpus through a fuzz target without libFuzzer: every file as it is, then a fixed
// number of truncations and of damaged copies (bits flipped, bytes replaced, a stretch removed or
// doubled) made from a generator seeded by the file's bytes. Same files, same calls, on every
// machine; the sanitizers of the build judge, and a time limit of the caller catches what hangs.
//
//   replay_NAME [--mutations N] FILE-or-DIRECTORY...     exit status 0, or 2 for unusable arguments
//
// Prints one line: the inputs run. An empty or missing corpus is an error: it would test nothing.
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
  uint64_t random;
  size_t file_count, call_count;
  unsigned mutations;
} replay;

static uint64_t next_random(replay *state) {
  uint64_t z = state->random += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

// The target gets an exact-size heap copy, so that ASAN sees a read one byte past the end.
static void call_target(replay *state, const uint8_t *data, size_t size) {
  uint8_t *copy = malloc(size ? size : 1);
  if (!copy) {
    fprintf(stderr, "replay: out of memory\n");
    exit(2);
  }
  if (size) {
    memcpy(copy, data, size);
  }
  LLVMFuzzerTestOneInput(copy, size);
  free(copy);
  state->call_count++;
}

// One damaged copy of `data` in `scratch`, which holds 2 * size bytes. Returns its size.
static size_t damage(replay *state, const uint8_t *data, size_t size, uint8_t *scratch) {
  memcpy(scratch, data, size);
  unsigned edit_count = 1 + (unsigned)(next_random(state) % 4);
  for (unsigned i = 0; i < edit_count && size; i++) {
    size_t at = (size_t)(next_random(state) % size);
    size_t length = 1 + (size_t)(next_random(state) % 16);
    length = length > size - at ? size - at : length;
    switch (next_random(state) % 4) {
      case 0: scratch[at] ^= (uint8_t)(1u << (next_random(state) % 8)); break;
      case 1: scratch[at] = (uint8_t)next_random(state); break;
      case 2:
        memmove(scratch + at, scratch + at + length, size - at - length);
        size -= length;
        break;
      case 3:
        if (i == 0) {  // the one edit that grows; by at most the original size
          memmove(scratch + at + length, scratch + at, size - at);
          size += length;
        }
        break;
    }
  }
  return size;
}

static void replay_bytes(replay *state, const uint8_t *data, size_t size) {
  call_target(state, data, size);
  state->file_count++;
  uint8_t *scratch = state->mutations && size ? malloc(2 * size) : NULL;
  if (!scratch) {
    return;
  }
  state->random = size;
  for (size_t i = 0; i < size; i++) {
    state->random = state->random * 31 + data[i];
  }
  for (unsigned i = 0; i < state->mutations; i++) {
    call_target(state, data, (size_t)(next_random(state) % size));
    call_target(state, scratch, damage(state, data, size, scratch));
  }
  free(scratch);
}

static bool replay_file(replay *state, const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) {
    perror(path);
    return false;
  }
  long size = ftell(file);
  rewind(file);
  uint8_t *data = size >= 0 ? malloc((size_t)size + 1) : NULL;
  bool ok = data && fread(data, 1, (size_t)size, file) == (size_t)size;
  fclose(file);
  if (ok) {
    replay_bytes(state, data, (size_t)size);
  } else {
    fprintf(stderr, "%s: cannot be read\n", path);
  }
  free(data);
  return ok;
}

static bool replay_path(replay *state, const char *path) {
  struct stat info;
  if (stat(path, &info) != 0) {
    perror(path);
    return false;
  }
  if (!S_ISDIR(info.st_mode)) {
    return replay_file(state, path);
  }
  struct dirent **names;
  int count = scandir(path, &names, NULL, alphasort);
  bool ok = count >= 0;
  for (int i = 0; i < count; i++) {
    char file[4096];
    int length = snprintf(file, sizeof file, "%s/%s", path, names[i]->d_name);
    if (names[i]->d_name[0] != '.' && length > 0 && (size_t)length < sizeof file) {
      ok = replay_file(state, file) && ok;
    }
    free(names[i]);
  }
  if (count >= 0) {
    free(names);
  }
  return ok;
}

int main(int argc, char **argv) {
  replay state = {0};
  bool ok = true;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--mutations") == 0 && i + 1 < argc) {
      state.mutations = (unsigned)strtoul(argv[++i], NULL, 10);
    } else {
      ok = replay_path(&state, argv[i]) && ok;
    }
  }
  if (state.file_count == 0) {
    fprintf(stderr, "replay: no inputs\n");
    ok = false;
  }
  printf("replayed %zu files in %zu calls\n", state.file_count, state.call_count);
  return ok ? 0 : 2;
}
