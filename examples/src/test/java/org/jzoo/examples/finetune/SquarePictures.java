package org.jzoo.examples.finetune;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Pictures of a red or blue square on the left or the right, and questions about them. */
public final class SquarePictures {

    private static final int SIDE = 40;

    private SquarePictures() {}

    /** Writes pictures and two questions about each; returns the CSV file. */
    public static Path write(Path folder, String name, int pictures, long seed) throws IOException {
        Files.createDirectories(folder.resolve(name));
        Random random = new Random(seed);
        StringBuilder csv = new StringBuilder("image,question,answer\n");
        for (int i = 0; i < pictures; i++) {
            boolean red = random.nextBoolean();
            boolean left = random.nextBoolean();
            String file = "%s/%d.png".formatted(name, i);
            draw(folder.resolve(file), red, left, random);
            csv.append("%s,what colour is it?,%s%n".formatted(file, red ? "red" : "blue"))
                    .append(
                            "%s,where is the square?,%s%n"
                                    .formatted(file, left ? "left" : "right"));
        }
        return Files.writeString(folder.resolve(name + ".csv"), csv);
    }

    /** Writes pictures and a caption of each; returns the CSV file. */
    public static Path writeCaptions(Path folder, String name, int pictures, long seed)
            throws IOException {
        Files.createDirectories(folder.resolve(name));
        Random random = new Random(seed);
        StringBuilder csv = new StringBuilder("image,caption\n");
        for (int i = 0; i < pictures; i++) {
            boolean red = random.nextBoolean();
            boolean left = random.nextBoolean();
            String file = "%s/%d.png".formatted(name, i);
            draw(folder.resolve(file), red, left, random);
            csv.append(file)
                    .append(
                            ",%s: A %s square.%n"
                                    .formatted(left ? "left" : "right", red ? "red" : "blue"));
        }
        return Files.writeString(folder.resolve(name + ".csv"), csv);
    }

    /** One picture. */
    public static void draw(Path file, boolean red, boolean left, Random random)
            throws IOException {
        BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(Color.LIGHT_GRAY);
        graphics.fillRect(0, 0, SIDE, SIDE);
        graphics.setColor(red ? Color.RED : Color.BLUE);
        graphics.fillRect((left ? 0 : 24) + random.nextInt(6), random.nextInt(28), 10, 10);
        graphics.dispose();
        ImageIO.write(picture, "png", file.toFile());
    }
}
