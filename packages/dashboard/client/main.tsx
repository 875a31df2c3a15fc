import { render } from 'preact';
import { App } from './app.js';
import './style.css';

const place = document.querySelector('#dashboard');
if (place !== null) render(<App />, place);
