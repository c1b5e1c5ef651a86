"""Bytecode: the opcode table, programs, the verifier, the disassembler."""
