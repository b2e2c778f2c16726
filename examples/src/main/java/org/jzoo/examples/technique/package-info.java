/** What the field adds to plain fine-tuning, each by itself and together, on one task of GLUE. */
package org.jzoo.examples.technique;
