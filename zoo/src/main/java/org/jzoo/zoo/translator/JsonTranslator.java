package org.jzoo.zoo.translator;

import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.ndarray.BytesSupplier;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Requests and responses of a server. A request that cannot be answered gets a response of code 400
 * that says why; the others of its batch are answered.
 *
 * @see Exchange#parse
 */
final class JsonTranslator<Q, O> implements Translator<Input, Output> {

    private static final String REQUESTS = "jzoo.requests";
    private static final int BAD_REQUEST = 400;

    private final Exchange<Q, O> exchange;

    JsonTranslator(Exchange<Q, O> exchange) {
        this.exchange = exchange;
    }

    /** What one request asked: how many queries, as an array or not, or what was wrong with it. */
    private record Request(int count, boolean many, String problem) {}

    @Override
    public Batchifier getBatchifier() {
        return exchange.batchifier();
    }

    @Override
    public NDList processInput(TranslatorContext context, Input input) {
        return batchProcessInput(context, List.of(input));
    }

    @Override
    public NDList batchProcessInput(TranslatorContext context, List<Input> inputs) {
        List<Q> queries = new ArrayList<>();
        List<Request> requests = new ArrayList<>();
        for (Input input : inputs) {
            try {
                Exchange.Asked<Q> asked = exchange.parse(input);
                queries.addAll(asked.queries());
                requests.add(new Request(asked.queries().size(), asked.many(), null));
            } catch (TranslateException | IllegalArgumentException e) {
                requests.add(new Request(0, false, e.getMessage()));
            }
        }
        context.setAttachment(REQUESTS, requests);
        return exchange.inputs(context, queries);
    }

    @Override
    public Output processOutput(TranslatorContext context, NDList outputs) {
        return batchProcessOutput(context, outputs).get(0);
    }

    @Override
    @SuppressWarnings("unchecked")
    public List<Output> batchProcessOutput(TranslatorContext context, NDList outputs) {
        List<O> answers = exchange.answers(context, outputs);
        List<Output> responses = new ArrayList<>();
        int next = 0;
        for (Request request : (List<Request>) context.getAttachment(REQUESTS)) {
            if (request.problem() != null) {
                responses.add(response(BAD_REQUEST, Map.of("error", request.problem())));
                continue;
            }
            List<O> own = answers.subList(next, next + request.count());
            next += request.count();
            responses.add(response(200, request.many() ? own : own.get(0)));
        }
        return responses;
    }

    private static Output response(int code, Object content) {
        Output output = new Output(code, code == BAD_REQUEST ? "Bad request" : "OK");
        output.addProperty("Content-Type", "application/json");
        output.add(BytesSupplier.wrapAsJson(content));
        return output;
    }
}
