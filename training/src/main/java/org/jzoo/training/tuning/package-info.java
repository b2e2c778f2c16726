/**
 * Which parameters of a pretrained model learn: all, those that a pattern names, or low-rank
 * adapters beside frozen weights; and adapters' own state, merged, saved, exchanged with peft.
 */
package org.jzoo.training.tuning;
