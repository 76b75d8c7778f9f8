/**
 * From virtual addresses to memory: Sv32 walks, physical memory protection, and the tables that remember both. The rule of this
 * package: the tables are caches that the guest cannot notice. Every access behaves as if it walked the page table as it is in
 * memory at that moment, whether or not the guest has executed SFENCE.VMA.
 */
@NullMarked
package hartbeat.emulator.mmu;

import org.jspecify.annotations.NullMarked;
