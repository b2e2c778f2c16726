/** The command line: one class a subcommand. */
package org.jzoo.examples.cli;
