/** Question answering over long documents: training, judging, and what it is compared with. */
package org.jzoo.examples.longqa;
