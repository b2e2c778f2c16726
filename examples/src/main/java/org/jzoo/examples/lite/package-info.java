/**
 * J2-Lite: tuned text encoders at a quarter of their weights, step by step, with what each costs.
 */
package org.jzoo.examples.lite;
