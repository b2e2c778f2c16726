package org.jzoo.zoo.lxmert;

import org.jzoo.zoo.task.Task;

/**
 * What a bare LXMERT computes: (B, 1 + T + N, D), the text's pooled vector, then the states of its
 * tokens, then those of the regions.
 */
public record RegionTextTask() implements Task {}
