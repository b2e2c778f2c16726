package org.jzoo.zoo.provider;

import ai.djl.Application;
import ai.djl.inference.Predictor;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelZoo;
import ai.djl.repository.zoo.ZooModel;
import java.io.IOException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.Set;

/**
 * Lists and searches models in a virtual machine of its own, in which every attempt to reach the
 * network is printed and refused.
 */
final class QuietSearch {

    private QuietSearch() {}

    public static void main(String[] args) throws Exception {
        URL.setURLStreamHandlerFactory(
                protocol -> Set.of("http", "https").contains(protocol) ? new Refusing() : null);
        System.out.println("listed " + ModelZoo.listModels().values());
        Criteria<String, float[]> criteria =
                Criteria.builder()
                        .setTypes(String.class, float[].class)
                        .optApplication(Application.NLP.TEXT_EMBEDDING)
                        .optFilter("name", args[0])
                        .build();
        try (ZooModel<String, float[]> model = criteria.loadModel();
                Predictor<String, float[]> predictor = model.newPredictor()) {
            System.out.println("found " + predictor.predict("hello").length);
        }
    }

    private static final class Refusing extends URLStreamHandler {
        @Override
        protected URLConnection openConnection(URL url) throws IOException {
            System.out.println("network " + url);
            throw new IOException("no network for " + url);
        }

        @Override
        protected URLConnection openConnection(URL url, java.net.Proxy proxy) throws IOException {
            return openConnection(url);
        }
    }
}
