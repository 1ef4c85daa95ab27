throw new Error('this thread cannot be loaded');
