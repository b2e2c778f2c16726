/** What a training shows and leaves behind while it runs. */
package org.jzoo.training.loop.callback;
