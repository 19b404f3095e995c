// SPDX-License-Identifier: Apache-2.0
// What GDB is told of generated code: an ELF file with the names of its functions, in a list that
// follows what is loaded.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <elf.h>
#include <string.h>

#include "base/mem.h"
#include "rt/rt_int.h"

static const uint8_t code[64];
static const sk_image_fn fns[] = {{"main", 32, 8}, {"add_1 here.py:7", 0, 20}};
static const sk_image image = {
    .name = "jit_f", .fns = fns, .fn_count = 2, .code = code, .code_bytes = sizeof code};

static const char *text_at(const sk_gdb_entry *entry, const Elf64_Shdr *names, uint32_t at) {
  assert_true(at < names->sh_size && names->sh_offset + names->sh_size <= entry->file_bytes);
  assert_int_equal(entry->file[names->sh_offset + names->sh_size - 1], 0);
  return entry->file + names->sh_offset + at;
}

static void writes_an_elf_file(void **state) {
  (void)state;
  sk_gdb_entry *entry = sk_gdb_add(&image, code);
  Elf64_Ehdr header;
  Elf64_Shdr sections[4];
  memcpy(&header, entry->file, sizeof header);
  assert_memory_equal(header.e_ident, ELFMAG, SELFMAG);
  assert_int_equal(header.e_machine, EM_X86_64);
  assert_int_equal(header.e_shnum, 4);
  memcpy(sections, entry->file + header.e_shoff, sizeof sections);
  const Elf64_Shdr *names = &sections[header.e_shstrndx], *symbols = &sections[2];
  assert_string_equal(text_at(entry, names, sections[1].sh_name), ".text");
  assert_string_equal(text_at(entry, names, symbols->sh_name), ".symtab");
  assert_string_equal(text_at(entry, names, names->sh_name), ".strtab");
  assert_int_equal(sections[1].sh_addr, (uintptr_t)code);
  assert_int_equal(sections[1].sh_type, SHT_NOBITS);
  assert_int_equal(symbols->sh_size, 3 * sizeof(Elf64_Sym));
  static const char *const expected[] = {"skarn:jit_f:main", "skarn:jit_f:add_1 here.py:7"};
  for (uint32_t i = 0; i < 2; i++) {
    Elf64_Sym symbol;
    memcpy(&symbol, entry->file + symbols->sh_offset + (i + 1) * sizeof symbol, sizeof symbol);
    assert_string_equal(text_at(entry, names, symbol.st_name), expected[i]);
    assert_int_equal(symbol.st_value, fns[i].offset);
    assert_int_equal(symbol.st_size, fns[i].size);
    assert_int_equal(symbol.st_shndx, 1);
  }
  sk_gdb_remove(entry);
  sk_gdb_remove(NULL);
}

static void keeps_a_list(void **state) {
  (void)state;
  sk_gdb_entry *first = sk_gdb_add(&image, code), *second = sk_gdb_add(&image, code),
               *third = sk_gdb_add(&image, code);
  assert_ptr_equal(third->next, second);
  assert_ptr_equal(second->prev, third);
  sk_gdb_remove(second);
  assert_ptr_equal(third->next, first);
  assert_ptr_equal(first->prev, third);
  sk_gdb_remove(third);
  assert_null(first->prev);
  sk_gdb_remove(first);
  sk_gdb_entry *again = sk_gdb_add(&image, code);
  assert_null(again->next);
  sk_gdb_remove(again);
}

static void does_without_memory(void **state) {
  (void)state;
  bool done = false;
  for (uint64_t n = 1; !done; n++) {
    sk_mem_fail_at(n, false);
    sk_gdb_entry *entry = sk_gdb_add(&image, code);
    done = sk_mem_fail_hits() == 0;
    sk_mem_fail_at(0, false);
    assert_true(done == (entry != NULL));
    sk_gdb_remove(entry);
    assert_true(n < 100);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(writes_an_elf_file),
      cmocka_unit_test(keeps_a_list),
      cmocka_unit_test(does_without_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
