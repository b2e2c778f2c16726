package org.jzoo.training.compression.quantization;

/**
 * What packing did to one linear map.
 *
 * @param path of the map
 * @param out features of its output
 * @param in features of its input
 * @param bytes of the packed map, bias included
 * @param weightError |w - q|² / |w|²
 * @param outputError Σ |(w - q) x|² / Σ |w x|² over the calibration texts' tokens; NaN without
 *     texts
 */
public record MapReport(
        String path, int out, int in, long bytes, double weightError, double outputError) {}
