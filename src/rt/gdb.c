// SPDX-License-Identifier: Apache-2.0
// Names of generated functions for GDB, through its JIT interface: a list of ELF files in memory,
// and a function that GDB stops in when the list changes.
//
//   descriptor -> entry -> entry         each entry with the file right behind it:
//   file   [ header | 4 section headers | symbols | texts ]     .text: an address and a size, no bytes
//
// Only on request (option gdb): the list is state of the process, as the interface demands. GDB finds
// descriptor and function by their names in the library's symbol table; a stripped library has none.
#include <elf.h>
#include <string.h>

#include "base/str.h"
#include "rt/rt_int.h"

enum { NO_ACTION, REGISTER, UNREGISTER };
enum { SECTION_NONE, SECTION_TEXT, SECTION_SYMBOLS, SECTION_NAMES, SECTIONS };

// The names and layouts are GDB's.
static SK_USED struct {
  uint32_t version, action;
  sk_gdb_entry *relevant, *first;
} __jit_debug_descriptor = {.version = 1};

static SK_USED SK_NOINLINE void __jit_debug_register_code(void) { SK_BARRIER(); }

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;

// Texts of the file: section names, then those of functions. False: no memory.
static bool write_names(const sk_image *image, sk_text *out, Elf64_Sym *symbols) {
  sk_text_add(out, (sk_str){"\0.text\0.symtab\0.strtab", sizeof "\0.text\0.symtab\0.strtab"});
  for (uint32_t i = 0; i < image->fn_count; i++) {
    const sk_image_fn *fn = &image->fns[i];
    symbols[i + 1] = (Elf64_Sym){.st_name = (uint32_t)out->len,
                                 .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
                                 .st_shndx = SECTION_TEXT,
                                 .st_value = fn->offset,
                                 .st_size = fn->size};
    sk_text_addf(out, "skarn:%s:%s", image->name, fn->name);
    sk_text_add_char(out, '\0');
  }
  return !out->failed;
}

typedef struct file_head {
  Elf64_Ehdr header;
  Elf64_Shdr sections[SECTIONS];
} file_head;

static void write_head(const sk_image *image, const uint8_t *exec, uint64_t symbol_bytes,
                       uint64_t name_bytes, file_head *out) {
  *out = (file_head){.header = {.e_type = ET_REL,
                                .e_machine = EM_X86_64,
                                .e_version = EV_CURRENT,
                                .e_shoff = offsetof(file_head, sections),
                                .e_ehsize = sizeof(Elf64_Ehdr),
                                .e_shentsize = sizeof(Elf64_Shdr),
                                .e_shnum = SECTIONS,
                                .e_shstrndx = SECTION_NAMES}};
  memcpy(out->header.e_ident, ELFMAG, SELFMAG);
  out->header.e_ident[EI_CLASS] = ELFCLASS64;
  out->header.e_ident[EI_DATA] = ELFDATA2LSB;
  out->header.e_ident[EI_VERSION] = EV_CURRENT;
  out->sections[SECTION_TEXT] = (Elf64_Shdr){.sh_name = 1,
                                             .sh_type = SHT_NOBITS,
                                             .sh_flags = SHF_ALLOC | SHF_EXECINSTR,
                                             .sh_addr = (uintptr_t)exec,
                                             .sh_size = image->code_bytes,
                                             .sh_addralign = 16};
  out->sections[SECTION_SYMBOLS] = (Elf64_Shdr){.sh_name = 7,
                                                .sh_type = SHT_SYMTAB,
                                                .sh_offset = sizeof *out,
                                                .sh_size = symbol_bytes,
                                                .sh_link = SECTION_NAMES,
                                                .sh_info = 1,
                                                .sh_addralign = 8,
                                                .sh_entsize = sizeof(Elf64_Sym)};
  out->sections[SECTION_NAMES] = (Elf64_Shdr){.sh_name = 15,
                                              .sh_type = SHT_STRTAB,
                                              .sh_offset = sizeof *out + symbol_bytes,
                                              .sh_size = name_bytes,
                                              .sh_addralign = 1};
}

static sk_gdb_entry *new_entry(const sk_image *image, const uint8_t *exec) {
  uint64_t symbol_bytes = (image->fn_count + 1) * sizeof(Elf64_Sym);
  Elf64_Sym *symbols = sk_mem_zalloc(symbol_bytes);
  sk_text names;
  sk_text_init(&names);
  sk_gdb_entry *entry = NULL;
  if (symbols && write_names(image, &names, symbols)) {
    entry = sk_mem_zalloc(sizeof *entry + sizeof(file_head) + symbol_bytes + names.len);
  }
  if (entry) {
    char *file = (char *)(entry + 1);
    file_head head;
    write_head(image, exec, symbol_bytes, names.len, &head);
    memcpy(file, &head, sizeof head);
    memcpy(file + sizeof head, symbols, symbol_bytes);
    memcpy(file + sizeof head + symbol_bytes, names.data, names.len);
    entry->file = file;
    entry->file_bytes = sizeof head + symbol_bytes + names.len;
  }
  sk_text_fini(&names);
  sk_mem_free(symbols);
  return entry;
}

static void announce(uint32_t action, sk_gdb_entry *entry) {
  __jit_debug_descriptor.action = action;
  __jit_debug_descriptor.relevant = entry;
  __jit_debug_register_code();
  __jit_debug_descriptor.action = NO_ACTION;
  __jit_debug_descriptor.relevant = NULL;
}

sk_gdb_entry *sk_gdb_add(const sk_image *image, const uint8_t *exec) {
  sk_gdb_entry *entry = new_entry(image, exec);
  if (!entry) {
    return NULL;
  }
  pthread_mutex_lock(&list_lock);
  entry->next = __jit_debug_descriptor.first;
  if (entry->next) {
    entry->next->prev = entry;
  }
  __jit_debug_descriptor.first = entry;
  announce(REGISTER, entry);
  pthread_mutex_unlock(&list_lock);
  return entry;
}

void sk_gdb_remove(sk_gdb_entry *entry) {
  if (!entry) {
    return;
  }
  pthread_mutex_lock(&list_lock);
  *(entry->prev ? &entry->prev->next : &__jit_debug_descriptor.first) = entry->next;
  if (entry->next) {
    entry->next->prev = entry->prev;
  }
  announce(UNREGISTER, entry);
  pthread_mutex_unlock(&list_lock);
  sk_mem_free(entry);
}
