// The memory of the stream harness, as hartbeat.proof.differential.StreamLayout has it too.

#ifndef STREAMS_H
#define STREAMS_H

// What the harness itself needs, beside its code in the first 16 KB.
#define SAVED 0x80008000           // registers of the interrupted stream, then the words below
#define SAVED_MPRV 128             // not 0 if MPRV was set
#define SAVED_DUMMY 132
#define SAVED_LEFT 136             // minstret when the stream was entered last
#define SAVED_CAME 140             // and when it came back
#define VARIABLES 0x80008100
#define STACK_TOP 0x8000a000
#define KEY 0x20000

// What a stream may play with.
#define CODE 0x8000c000            // two pages; the virtual window begins with them too
#define DATA 0x8000e000            // two pages
#define ROOT 0x80010000
#define LEAF 0x80011000            // the table for 0x80000000
#define WINDOW_LEAF 0x80012000     // the table for WINDOW
#define PLAY_END 0x80013000
#define WINDOW 0xc0000000
#define SUPERVISOR_PAGE 0x80001000
#define SUPERVISOR_SRET 0x80001040

#define BATCH 0x80020000
#define STREAMS 0x80021000
#define RESULTS 0x81800000

#define MOST_TRAPS 24
#define MOST_CODE 128
#define PLANS 16

#endif
