/** Where generated text begins. */
export interface Prompt {
  readonly kind: string;
  readonly text: string;
}

/** Beginnings of texts, four of each kind of code and eight of prose. */
export const prompts: readonly Prompt[] = [
  ...of("prose", [
    "The history of the city begins with",
    "It was late in the evening when the two of them",
    "The company said on Monday that",
    "Before the program is started, make sure that",
    "There are three ways to install the library.\n\nThe first",
    "A good teacher does not",
    "In the second chapter we have seen that",
    "Dear all,\n\nthank you for",
  ]),
  ...of("javascript", [
    "export function add(a, b) {\n  return",
    "const express = require('express');\n\nconst app =",
    "// Returns the sum of all items in the cart.\nfunction",
    "import { readFile } from 'node:fs/promises';\n\nexport async function",
  ]),
  ...of("typescript", [
    "export interface User {\n  readonly id: string;\n ",
    "export class Queue<T> {\n  private readonly items: T[] = [];\n\n ",
    'import * as vscode from "vscode";\n\nexport function activate(',
    "type Result<T> =",
  ]),
  ...of("python", [
    "import os\nimport sys\n\ndef main():\n   ",
    "class Account:\n    def __init__(self, owner, balance=0):\n       ",
    "def read_lines(path):\n    with open(path) as",
    "import unittest\n\nclass TestParser(unittest.TestCase):\n    def test_",
  ]),
  ...of("go", [
    'package main\n\nimport (\n\t"fmt"',
    "// Handler answers requests.\nfunc (s *Server) Handler(",
    "func TestParse(t *testing.T) {\n\ttests := []struct {",
    "type Config struct {\n\tName string",
  ]),
  ...of("rust", [
    "use std::collections::HashMap;\n\npub struct",
    "impl Iterator for Counter {\n    type Item =",
    "#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn",
    "/// Parses a number.\npub fn parse(input: &str) ->",
  ]),
  ...of("c", [
    "#include <stdio.h>\n#include <stdlib.h>\n\nint main(",
    "static void list_free(struct list *list)\n{\n",
    "/*\n * Reads a line from a file.\n */\nchar *",
    "#ifndef BUFFER_H\n#define BUFFER_H\n\ntypedef struct",
  ]),
  ...of("java", [
    "package org.example.shop;\n\nimport java.util.List;\n\npublic class",
    "    @Test\n    public void testEmpty() {\n",
    "    /**\n     * Returns the name",
    "public final class Strings {\n    private Strings() {",
  ]),
  ...of("shell", [
    "#!/bin/sh\nset -e\n\nfor file in",
    "#!/usr/bin/env bash\n\nusage() {\n  echo",
    'if [ "$#" -lt 1 ]; then\n',
    'case "$1" in\n  start)\n',
  ]),
  ...of("html and css", [
    "<!DOCTYPE html>\n<html>\n<head>\n",
    "<ul>\n  <li>",
    ".button {\n  display:",
    "@media (max-width: 600px) {\n  ",
  ]),
];

function of(kind: string, texts: readonly string[]): Prompt[] {
  return texts.map((text) => ({ kind, text }));
}
