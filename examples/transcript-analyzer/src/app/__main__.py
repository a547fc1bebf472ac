"""For trying things by hand: python -m src.app"""

from src.app import create_app

if __name__ == "__main__":
    app = create_app()
    app.extensions["socketio"].run(app, host="127.0.0.1", port=5000, allow_unsafe_werkzeug=True)
