// SPDX-License-Identifier: Apache-2.0
//
// A 64 KiB boot ROM that stands in for a PC BIOS under Bochs: from the reset vector straight to
// the 64-bit entry of an uncompressed Linux kernel that the emulator has preloaded into memory.
// No BIOS self test, no disk, no boot loader: the kernel's first instruction runs after about
// 30 000 emulated ones.
//
// Memory as bochs_run.py lays it out (all physical addresses):
//   0x00090000  boot_params (4 KiB), then the kernel command line (8 KiB)
//   0x00093000  page tables: PML4, PDPT with four 1 GiB identity pages
//   0x01000000  kernel, initramfs behind it
//   0x000f0000  this ROM (also at the top of 4 GiB, where the reset vector is)
//
// The loop called `touch` is for Bochs 2.7: it hands out guest memory in blocks, in order of first
// use, but reads a preloaded image into host memory in one piece. Touching the pages in ascending
// order before anything else makes the two orders agree. Newer versions load by page; there the
// loop does nothing.

  .text
  .code16
start:
  cli
  cld
  lgdtl %cs:(gdtr - start)
  movl $0x93000, %eax
  movl %eax, %cr3
  movl %cr4, %eax
  orl $0x20, %eax                       // PAE
  movl %eax, %cr4
  movl $0xc0000080, %ecx                // EFER
  rdmsr
  orl $0x100, %eax                      // long mode
  wrmsr
  movl %cr0, %eax
  orl $0x80000001, %eax                 // paging, protection
  movl %eax, %cr0
  ljmpl $0x10, $(0xf0000 + long_mode - start)

  .code64
long_mode:
  movl $0x18, %eax
  movl %eax, %ds
  movl %eax, %es
  movl %eax, %ss
  movl $0x90000, %esp
  movl $0x1000000, %esi
touch:
  movb (%rsi), %al
  addl $0x1000, %esi
  cmpl $0x8000000, %esi
  jb touch
  movl $0x90000, %esi                   // boot_params
  movl $0x1000000, %eax
  jmp *%rax

  .balign 8
gdt:
  .quad 0, 0
  .quad 0x00af9b000000ffff              // 0x10: 64-bit code
  .quad 0x00cf93000000ffff              // 0x18: data
gdtr:
  .word 31
  .long 0xf0000 + gdt - start

  .org 0xfff0                           // reset vector
  .code16
  ljmp $0xf000, $0
  .org 0x10000
