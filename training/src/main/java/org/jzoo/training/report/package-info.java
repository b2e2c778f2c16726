/**
 * What a run shows and leaves behind: a progress line, a log, TensorBoard events, tables, results
 * files and the tables of a README that are made from them. Pictures are in {@code report.picture}.
 */
package org.jzoo.training.report;
