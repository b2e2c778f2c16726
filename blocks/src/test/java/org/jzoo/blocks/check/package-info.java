/** What tests of blocks share: comparison, gradient checks, fixtures, running a block. */
package org.jzoo.blocks.check;
